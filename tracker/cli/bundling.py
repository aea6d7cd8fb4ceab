"""bundle export|import|trust|list: between two networks, and between 县, 市 and 省."""

from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.bundle import Sent, Taken, Terms, Wanted, own_print, print_of, send, take, told_print, unmatched
from tracker.cli.app import App
from tracker.cli.common import busy, day_option, json_line, say, workspace
from tracker.clock import now
from tracker.errors import UsageError
from tracker.store import TrustedKey

Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON")]
Who = Annotated[str, typer.Option(help="谁办的;默认取 tracker.toml 的 inspector")]
_SHOWN = 20


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = App("数据包:把采集、人工检查、复核、存疑和链接装进一个签名的文件,带到另一台电脑或报上一级。")
    group.command("export")(export)
    group.command("import")(take_in)
    group.command("trust")(trust)
    group.command("list")(listed)
    app.add_typer(group, name="bundle")


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="写到哪个文件,例如 示例县-1106.bundle")],
    sweep: Annotated[list[str] | None, typer.Option("--sweep", help="哪个批次,可写几次;默认最近一次")] = None,
    since: Annotated[str | None, typer.Option("--since", help="这一天以来的所有批次")] = None,
    region: Annotated[str, typer.Option("--accounts-of", help="只要这个县区的账号")] = "",
    who: Who = "",
    as_json: Json = False,
) -> None:
    """导出数据包:一个用本工作区钥匙签名的文件,带着谁、何时、看到了什么。"""
    if sweep and since:
        raise UsageError("--sweep 和 --since 只能用一个;要几个批次就把 --sweep 写几次")
    wanted = Wanted(sweeps=tuple(sweep or ()), since=day_option(since), region=region)
    with workspace(context) as ws, busy("导出数据包"):
        done = send(ws, wanted, file, who=who or ws.settings.inspector, at=now())
    if as_json:
        json_line(_sent(done))
        return
    say(f"已导出 {done.path}:批次{len(done.sweeps)}个,账号{done.accounts}个,采集{done.visits}次")
    if done.cleared:
        say(f"另有{done.cleared}次采集的原始应答已按规定清理,没有带上")
    if done.unsealed:
        say(f"还没有封存的批次:{'、'.join(done.unsealed)};最好先 tracker evidence seal 再导出")
    say(f"公钥指纹 {done.fingerprint};请打电话告诉对方,对方核对后才会收下")


def _sent(done: Sent) -> dict[str, object]:
    told = {name: getattr(done, name) for name in ("fingerprint", "accounts", "visits", "cleared")}
    return {"path": str(done.path), "sweeps": list(done.sweeps), "unsealed": list(done.unsealed), **told}


def take_in(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="对方导出的数据包")],
    trusting: Annotated[str, typer.Option("--trust", help="打电话核对过的公钥指纹;以后也信任它")] = "",
    into: Annotated[str, typer.Option("--into", help="并进本单位的这个批次(采集机和管理机之间);默认另成一个批次")] = "",
    who: Who = "",
    as_json: Json = False,
) -> None:
    """导入数据包:要么全部导入,要么什么也不动;两级所见不一致的记为存疑,谁也不覆盖谁。"""
    with workspace(context) as ws, busy("导入数据包"):
        done = take(ws, file, BY_PLATFORM, Terms(who=who or ws.settings.inspector, trust=trusting, into=into), at=now())
    if as_json:
        json_line(_taken(done))
        return
    say(f"来自 {done.hand.office}(公钥指纹 {done.hand.fingerprint}),{done.hand.at:%Y-%m-%d %H:%M} 写出")
    for one in done.sweeps:
        say(
            f"批次 {one.theirs} → {one.name}:账号{one.accounts}个,新的采集{one.visits}次,已有的{one.known}次,"
            f"复核{one.decisions}条,存疑{one.questions}条"
        )
        if one.opposed:
            say(f"  有{one.opposed}条复核与本级的记录并存,没有采用,已记为存疑")
        if one.cleared:
            say(f"  对方有{one.cleared}次采集的原始应答已按规定清理,没有带来")
    if done.asked:
        say(f"两级所见不一致{done.asked}处,已记为存疑,这些问题须由人复核:tracker review list")
    if not any(one.news for one in done.sweeps) and not done.links:
        say("没有新的内容")
    if done.unknown:
        say(f"有{len(done.unknown)}个账号对不上本级台账,连同它们的采集放在一边:")
        for two in done.unknown[:_SHOWN]:
            say(f"  {two.account.platform}:{two.account.name}({two.account.organisation or '主办单位未填'}):{two.why}")
        say(f"补好台账后再导入一次:tracker bundle import {done.kept}(全部名单:tracker bundle list)")
    for note in done.notes:
        say(f"注意:{note}")


def _taken(done: Taken) -> dict[str, object]:
    names = ("name", "theirs", "accounts", "visits", "known", "aside", "decisions", "questions", "opposed", "cleared")
    return {
        "office": done.hand.office,
        "fingerprint": done.hand.fingerprint,
        "exported_at": done.hand.at.isoformat(),
        "sweeps": [{name: getattr(one, name) for name in names} for one in done.sweeps],
        "links": done.links,
        "disagreements": done.asked,
        "unknown": [{"platform": one.account.platform, "name": one.account.name, "why": one.why} for one in done.unknown],
        "kept": str(done.kept) if done.kept else "",
        "notes": done.notes,
    }


def trust(
    context: typer.Context,
    whom: Annotated[str, typer.Argument(help="公钥指纹,或对方的 seal-key.pub、数据包文件(先打电话核对指纹)")],
    office: Annotated[str, typer.Option("--office", help="对方单位")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="不再信任")] = False,
    who: Who = "",
) -> None:
    """信任一把公钥:以后收下用它签名的数据包。指纹要打电话逐位核对,不能只看文件里写的。"""
    print_ = print_of(Path(whom)) if Path(whom).is_file() else told_print(whom)
    with workspace(context) as ws:
        told = TrustedKey(fingerprint=print_, office=office, trusted=not remove, who=who or ws.settings.inspector, at=now())
        ws.store.say_trust(told)
    if remove:
        say(f"已取消信任公钥指纹 {print_};以前导入的不变,以后它签名的不再收下")
    else:
        say(
            f"已信任公钥指纹 {print_}{f'({office})' if office else ''};如果还没有和对方电话核对,请现在核对,不符就加 --remove 取消"
        )


def listed(context: typer.Context, as_json: Json = False) -> None:
    """导入过的数据包、信任的公钥、对不上台账的账号。"""
    with workspace(context) as ws:
        origins, keys, unknown, own = ws.store.origins(), ws.store.trusted_keys(), unmatched(ws), own_print(ws)
    if as_json:
        for one in origins:
            told = {"office": one.hand.office, "fingerprint": one.hand.fingerprint, "exported_at": one.hand.at.isoformat()}
            json_line({"kind": "bundle", "sha256": one.bundle, **told, "at": one.at.isoformat(), "who": one.who})
        for key in keys.values():
            json_line({"kind": "key", "fingerprint": key.fingerprint, "office": key.office, "trusted": key.trusted})
        for two in unknown:
            json_line({"kind": "unknown", "platform": two.account.platform, "name": two.account.name, "why": two.why})
        return
    say(f"本工作区的公钥指纹:{own or '还没有,第一次封存或导出时生成'}")
    for key in keys.values():
        say(f"{'信任' if key.trusted else '不信任'} {key.fingerprint} {key.office}({key.who},{key.at:%Y-%m-%d})")
    for one in origins:
        say(f"{one.at:%Y-%m-%d %H:%M} {one.who}导入:来自 {one.hand},{one.hand.at:%Y-%m-%d %H:%M}由{one.exported_by}写出")
    for two in unknown:
        say(f"对不上台账:{two.account.platform}:{two.account.name}({two.account.organisation or '主办单位未填'}):{two.why}")
