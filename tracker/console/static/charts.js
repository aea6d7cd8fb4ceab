// Draws what the table below each chart says; without it the tables stand open and say the same.
"use strict";

(() => {
  const LOOKS = {
    bad: ["#b3261e", "cross"],
    wait: ["#8a5a00", "dots"],
    unseen: ["#5b6773", "slant"],
    good: ["#1b6e3c", ""],
    soft: ["#8b97a3", "lines"],
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const patterns = {};

  // A colour and a pattern: who does not tell the colours apart still tells the bars apart.
  function pattern(look) {
    if (patterns[look]) return patterns[look];
    const [colour, kind] = LOOKS[look] || LOOKS.soft;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = pen.fillStyle = "rgba(255, 255, 255, .65)";
    pen.lineWidth = 1.6;
    pen.beginPath();
    if (kind === "slant" || kind === "cross") { pen.moveTo(-1, 9); pen.lineTo(9, -1); }
    if (kind === "cross") { pen.moveTo(-1, -1); pen.lineTo(9, 9); }
    if (kind === "lines") { pen.moveTo(0, 4); pen.lineTo(8, 4); }
    pen.stroke();
    if (kind === "dots") { pen.beginPath(); pen.arc(4, 4, 1.5, 0, 7); pen.fill(); }
    patterns[look] = { image: tile, repeat: "repeat" };
    patterns[look].url = tile.toDataURL();
    return patterns[look];
  }

  function read(figure) {
    const heads = [...figure.querySelectorAll("thead th[data-look]")];
    const rows = [...figure.querySelectorAll("tbody tr")];
    return {
      names: rows.map((row) => row.querySelector("th").textContent),
      series: heads.map((head, column) => ({
        word: head.textContent,
        look: head.dataset.look,
        numbers: rows.map((row) => Number(row.querySelectorAll("[data-number]")[column].textContent)),
      })),
    };
  }

  function options(told, upright) {
    const names = { type: "category", data: told.names, axisTick: { show: false }, axisLabel: { color: "#1c2733", fontSize: 13, width: upright ? 90 : 110, overflow: "truncate" } };
    const numbers = { type: "value", minInterval: 1, axisLabel: { color: "#5b6773" } };
    if (!upright) names.inverse = true;
    return {
      animation: !still,
      animationDuration: 300,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 4, right: 24, top: 12, bottom: 4, containLabel: true },
      xAxis: upright ? names : numbers,
      yAxis: upright ? numbers : names,
      series: told.series.map((one) => ({
        type: "bar",
        name: one.word,
        stack: "all",
        barMaxWidth: 34,
        data: one.numbers,
        silent: true,
        itemStyle: { color: pattern(one.look), borderColor: "#fff", borderWidth: 1 },
      })),
    };
  }

  function draw(figure) {
    const plot = figure.querySelector(".plot");
    const told = read(figure);
    if (!told.names.length) return;
    const upright = "upright" in figure.dataset;
    plot.classList.add(upright ? "upright" : "lying");
    // the style sheet cannot know how many bars there are; a property set by script is no inline style
    if (!upright) plot.style.height = `${told.names.length * 34 + 44}px`;
    const chart = echarts.init(plot, null, { renderer: "canvas" });
    chart.setOption(options(told, upright));
    new ResizeObserver(() => chart.resize()).observe(plot);
    figure.dataset.drawn = "";
    for (const mark of figure.querySelectorAll(".legend .mark")) {
      const look = Object.keys(LOOKS).find((name) => mark.classList.contains(name));
      mark.style.backgroundImage = `url(${pattern(look).url})`;
    }
  }

  for (const figure of document.querySelectorAll("[data-chart]")) {
    if (window.echarts) draw(figure);
    else figure.querySelector("details").open = true;
  }
})();
