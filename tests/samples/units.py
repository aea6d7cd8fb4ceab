"""The invented 示例市: its units and which platforms each has. No real body has these names."""

from dataclasses import dataclass

CITY = "示例市"
COUNTIES = ("甲山县", "乙水县", "丙河区", "丁塬县", "戊岭县")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit: `short` ends the account's name (示例教育), `platforms` besides weixin, which every unit has."""

    short: str
    organisation: str
    org_type: str
    region: str
    place: str
    platforms: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The account's name, the same on every platform, as offices are told to."""
        return self.place + self.short


CITY_UNITS: tuple[tuple[str, str, str], ...] = (
    ("发布", "示例市人民政府办公室", "weibo toutiao douyin"),
    ("发改", "示例市发展和改革委员会", ""),
    ("教育", "示例市教育局", "weibo"),
    ("科技", "示例市科学技术局", ""),
    ("工信", "示例市工业和信息化局", ""),
    ("公安", "示例市公安局", "weibo toutiao douyin"),
    ("民政", "示例市民政局", ""),
    ("司法", "示例市司法局", "weibo"),
    ("财政", "示例市财政局", ""),
    ("人社", "示例市人力资源和社会保障局", "weibo"),
    ("自然资源", "示例市自然资源局", ""),
    ("生态环境", "示例市生态环境局", "weibo"),
    ("住建", "示例市住房和城乡建设局", "weibo"),
    ("交通", "示例市交通运输局", "weibo"),
    ("水利", "示例市水利局", "weibo"),
    ("农业农村", "示例市农业农村局", ""),
    ("商务", "示例市商务局", ""),
    ("文旅", "示例市文化和旅游局", "weibo toutiao"),
    ("卫健", "示例市卫生健康委员会", "weibo"),
    ("退役军人", "示例市退役军人事务局", ""),
    ("应急", "示例市应急管理局", "weibo toutiao"),
    ("审计", "示例市审计局", ""),
    ("市监", "示例市市场监督管理局", "weibo"),
    ("统计", "示例市统计局", ""),
    ("医保", "示例市医疗保障局", ""),
    ("行政审批", "示例市行政审批服务局", ""),
    ("信访", "示例市信访局", ""),
    ("税务", "示例市税务局", "weibo"),
    ("气象", "示例市气象局", "weibo"),
    ("邮政管理", "示例市邮政管理局", ""),
)
"""Name, organisation and further platforms of the units of the city itself, in registry order."""

COUNTY_EXTRAS = {"甲山公安": " douyin", "丙河公安": " douyin", "戊岭公安": " douyin"}
COUNTY_EXTRAS |= {"乙水发布": " toutiao", "丙河发布": " toutiao", "丁塬发布": " toutiao"}
SERVICE_ACCOUNTS = frozenset({"示例人社", "示例医保", "示例行政审批", "示例税务", "示例公安", "丙河卫健", "丁塬卫健"})
"""weixin accounts filed as 微信服务号; all others are 微信订阅号."""


def units() -> tuple[Unit, ...]:
    """All units in registry order: the city's, then county by county."""
    found = [_city_unit(*told) for told in CITY_UNITS]
    for county in COUNTIES:
        found += _county_units(county)
    return tuple(found)


def _city_unit(short: str, organisation: str, platforms: str) -> Unit:
    kind = "地方政府" if short == "发布" else "市级部门"
    return Unit(
        short=short, organisation=organisation, org_type=kind, region="市直", place="示例", platforms=tuple(platforms.split())
    )


def _county_units(county: str) -> list[Unit]:
    place = county[:-1]
    street = county.endswith("区")
    last = ("新风", f"{county}新风街道办事处", "街道办事处") if street else ("城关", f"{county}城关镇人民政府", "乡镇政府")
    rows = [("发布", f"{county}人民政府办公室", "地方政府"), ("公安", f"{county}公安局", "县级部门")]
    rows += [("教体", f"{county}教育和体育局", "县级部门"), ("卫健", f"{county}卫生健康局", "县级部门")]
    rows += [("农业", f"{county}农业农村局", "县级部门"), last]
    found = []
    for short, organisation, kind in rows:
        further = ("weibo" if short in ("发布", "公安", "教体") else "") + COUNTY_EXTRAS.get(place + short, "")
        found.append(
            Unit(
                short=short,
                organisation=organisation,
                org_type=kind,
                region=county,
                place=place,
                platforms=tuple(further.split()),
            )
        )
    return found
