#!/usr/bin/env python3
"""核验导出的检查证据。只要有 Python 3.9 或更新的版本,不用安装任何东西,也不联网:

    python -I verify.py [文件夹] [--key 公钥指纹]

逐个批次核对:清单是否首尾相接、每个文件是否与清单一致、封存的签名是否有效、台账和口径等依据是否与封存时相同。
有问题时逐条说明,退出码 1;完好时说明由谁何时封存,退出码 0。公钥指纹应由封存的单位另行告知,不能只看文件夹里的。

One file that depends on nothing, so that whoever receives the evidence can read all of it before running it.
"""

import base64
import hashlib
import json
import re
import sys
import zlib
from pathlib import Path

FORMAT = "tracker seal 1"
START = "0" * 64
SEAL = re.compile(r"seal(?:-([2-9]|[1-9]\d+))?\.json")
CLEARED = re.compile(r"cleared(?:-([2-9]|[1-9]\d+))?\.json")
CLEARED_FORMAT = "tracker tombstones 1"
TITLES = {
    "sweep": "批次设定",
    "period": "检查期",
    "registry": "台账",
    "profile": "口径",
    "words": "词表",
    "holidays": "节假日",
    "pauses": "暂停判定的记录",
    "decisions": "复核意见",
    "notices": "停更报备",
    "facts": "事实",
    "judgement": "判定结果",
}

# Ed25519 as in RFC 8032 §5.1; slow and plain, nothing secret is handled. A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _same(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def _x(y, odd):
    """The x that belongs to y, or None where y is on no point."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    return P - x if (x & 1) != odd else x


def _point(raw):
    number = int.from_bytes(raw, "little")
    y, odd = number & ((1 << 255) - 1), number >> 255
    x = _x(y, odd) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (_x(BASE_Y, 0), BASE_Y, 1, _x(BASE_Y, 0) * BASE_Y % P)


def signed(public_key, message, signature):
    """Whether the signature (64 bytes) over the message is that of the public key (32 bytes)."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, nonce, s = _point(public_key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or s >= ORDER:
        return False
    told = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % ORDER
    return _same(_times(s, BASE), _add(nonce, _times(told, key)))


def _sha256(path):
    told = hashlib.sha256()
    with path.open("rb") as file:
        for some in iter(lambda: file.read(1 << 20), b""):
            told.update(some)
    return told.hexdigest()


def _canonical(plain):
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_manifest(folder):
    """The lines of the list as dictionaries; raises ValueError with the number of one that cannot be read."""
    path = folder / "manifest.jsonl"
    raw = path.read_bytes() if path.exists() else b""
    lines = []
    for number, line in enumerate(raw[: -1 if raw.endswith(b"\n") else None].split(b"\n") if raw else [], 1):
        try:
            told = json.loads(line.decode("utf-8"))
            lines.append({"n": int(told["n"]), **{key: str(told[key]) for key in ("file", "sha256", "at", "prev", "hash")}})
        except (ValueError, KeyError, TypeError):
            raise ValueError(str(number)) from None
    return lines


def _hash_of(line, prev):
    told = {"n": line["n"], "file": line["file"], "sha256": line["sha256"], "at": line["at"], "prev": prev}
    return hashlib.sha256((prev + json.dumps(told, ensure_ascii=False, sort_keys=True)).encode()).hexdigest()


def check_files(folder, lines):
    """(file, reason) of every file that is not what the list says, and of every line that does not follow from the one before."""
    prev, broken = START, False
    gone = {file: told for _, one in cleared_of(folder) if not isinstance(one, str) for file, told in one["files"].items()}
    for number, line in enumerate(lines, 1):
        if not broken and ((line["prev"], line["n"]) != (prev, number) or line["hash"] != _hash_of(line, prev)):
            broken = True
            yield line["file"], f"清单第{line['n']}行与前一行接不上,清单被改动"
        prev = line["hash"]
        path = folder / line["file"]
        # a list that was tampered with may name files elsewhere
        if path.parent == folder and not path.is_file() and gone.get(line["file"]) == line["sha256"]:
            continue
        if path.parent != folder or not path.is_file():
            yield line["file"], "清单里有,文件不见了"
        elif _sha256(path) != line["sha256"]:
            record = broken_record(path.read_bytes())
            where = f"(第{record}条记录)" if record else ""
            yield line["file"], f"内容与清单的SHA-256不符,文件被改动{where}"
    listed = {line["file"] for line in lines}
    for path in sorted(folder.glob("*.warc.gz*")):
        if path.name not in listed:
            yield path.name, "清单里没有这个文件"
    for path, one in cleared_of(folder):
        if isinstance(one, str):
            yield path.name, one


def broken_record(raw):
    """Number, from 1, of the first record whose gzip member is cut or fails its own checksum; 0 = each is whole by itself."""
    number = at = 0
    while at < len(raw):
        number, member = number + 1, zlib.decompressobj(wbits=31)
        try:
            while not member.eof and at < len(raw):
                some = raw[at : at + 65536]
                member.decompress(some)
                at += len(some) - len(member.unused_data)
        except zlib.error:
            return number
        if not member.eof:
            return number
    return 0


def read_signed(path, what):
    """The statement and the public key, or the sentence that says what is wrong with the file, which it calls `what`."""
    raw = path.read_bytes()
    try:
        told = json.loads(raw.decode("utf-8"))
        statement = told["statement"]
        signature, public = (base64.b64decode(told[key], validate=True) for key in ("signature", "public_key"))
        keys = {"public_key": base64.b64encode(public).decode("ascii"), "signature": base64.b64encode(signature).decode("ascii")}
        plain = {**keys, "statement": statement}
        whole = json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n" == raw
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return what + "读不出来"
    if not whole or not isinstance(statement, dict):
        return f"不是本程序写出的原样,{what}被改动"
    if not signed(public, _canonical(statement), signature):
        return f"签名与内容不符,{what}被改动"
    return statement, public


def _fingerprint(public):
    return hashlib.sha256(public).hexdigest()[:32]


def read_seal(path):
    """The seal as a dictionary, or the sentence that says what is wrong with the file."""
    found = read_signed(path, "封存文件")
    if isinstance(found, str):
        return found
    statement, public = found
    try:
        if not _shaped(statement):
            return "不是本程序写出的原样,封存文件被改动"
    except (ValueError, LookupError, TypeError, AttributeError):
        return "封存文件读不出来"
    number = int(SEAL.fullmatch(path.name)[1] or 1)
    return {"number": number, "file": path.name, "statement": statement, "fingerprint": _fingerprint(public)}


def read_cleared(path):
    """What was cleared away by rule (file → hash, and a sentence), or the sentence that says what is wrong with the record."""
    found = read_signed(path, "清理记录")
    if isinstance(found, str):
        return found
    statement, public = found
    try:
        if statement["format"] != CLEARED_FORMAT or statement["sweep"] != path.parent.name:
            return "清理记录不是这个批次的"
        files = {str(one["file"]): str(one["sha256"]) for one in statement["files"]}
        told = f"{statement['at'][:10]}由{statement['who'] or '(未署名)'}按规定清理{len(files)}个文件({statement['why']})"
    except (ValueError, LookupError, TypeError, AttributeError):
        return "清理记录读不出来"
    return {"file": path.name, "files": files, "told": told, "fingerprint": _fingerprint(public)}


def numbered(pattern, folder):
    """(number, path) of the seals or the records of clearing, the first one first."""
    found = ((pattern.fullmatch(path.name), path) for path in folder.glob("*.json"))
    return sorted((int(match[1] or 1), path) for match, path in found if match)


def cleared_of(folder):
    """The records of what was cleared away, in their order: (path, what `read_cleared` says)."""
    return [(path, read_cleared(path)) for _, path in numbered(CLEARED, folder)]


def _shaped(statement):
    """Whether it says what a seal says: a signature alone may be anybody's, under anything."""
    sealed, documents = statement["manifest"], statement["documents"]
    counts = [statement["number"], sealed["lines"], sealed["bytes"], *(told["lines"] for told in documents.values())]
    texts = [statement[key] for key in ("sweep", "previous", "at", "who", "program")]
    texts += [sealed["sha256"], sealed["head"], *(told["sha256"] for told in documents.values())]
    numbers = all(type(count) is int and count >= 0 for count in counts)
    return statement["format"] == FORMAT and numbers and all(isinstance(text, str) for text in texts)


def check_seals(folder):
    """(file, reason) of every seal that does not hold, and of the list where it is not the sealed one."""
    previous, expected = "", 1
    for number, path in numbered(SEAL, folder):
        found = read_seal(path)
        if number != expected:
            yield ("seal.json" if expected == 1 else f"seal-{expected}.json"), "封存文件不见了"
            previous = ""
        if isinstance(found, str):
            yield path.name, found
        else:
            yield from _misfits(folder, found, previous)
        previous, expected = _sha256(path), number + 1


def _misfits(folder, seal, previous):
    told = seal["statement"]
    if told.get("sweep") != folder.name or told.get("number") != seal["number"]:
        yield seal["file"], f"是批次{told.get('sweep')}的第{told.get('number')}份封存,放错了地方"
    elif previous and told.get("previous") != previous:
        yield seal["file"], "与前一份封存接不上,前一份被换过"
    sealed, path = told["manifest"], folder / "manifest.jsonl"
    raw = path.read_bytes()[: sealed["bytes"]] if path.exists() else b""
    if hashlib.sha256(raw).hexdigest() != sealed["sha256"]:
        yield "manifest.jsonl", f"与第{seal['number']}份封存时的{sealed['lines']}行不符,清单被改动或截短"


def _parts(raw):
    """The contents of the DER values that follow each other (X.690 §8); raises ValueError where one is cut."""
    found = []
    while raw:
        length, start = raw[1], 2
        if length & 128:
            start += length & 127
            length = int.from_bytes(raw[2:start], "big")
        if len(raw) < start + length:
            raise ValueError("cut")
        found.append(raw[start : start + length])
        raw = raw[start + length :]
    return found


def stamped(raw):
    """SHA-256 and time (UTC, as text) that a timestamp answers to (RFC 3161 §2.4.2); raises ValueError, LookupError."""
    signed_data = _parts(_parts(_parts(_parts(raw)[0])[1])[1])[0]
    info = _parts(_parts(_parts(_parts(_parts(signed_data)[2])[1])[0])[0])
    return _parts(info[2])[1].hex(), info[4].decode("ascii")


def check_stamp(folder, seal):
    """What a seal's timestamp says, and (file, reason) where it is of something else; its own signature is not checked here."""
    path = folder / (seal["file"][: -len(".json")] + ".tsr")
    if not path.is_file():
        return "", []
    try:
        digest, when = stamped(path.read_bytes())
    except (ValueError, LookupError):
        return "", [(path.name, f"第{seal['number']}份封存的时间戳读不出来")]
    if digest != _sha256(folder / seal["file"]):
        return "", [(path.name, f"第{seal['number']}份封存的时间戳不是这份封存的")]
    return f"时间戳与封存相符({when},世界时);时间戳机构的签名这里不核对,要用 tracker evidence verify", []


def check_inputs(folder, last):
    """(file, reason) of what the judgement was made of, where it is not what was sealed last."""
    for name, title in TITLES.items():
        path = folder / "inputs" / f"{name}.jsonl"
        told = last["statement"]["documents"].get(name, {})
        raw = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(raw).hexdigest() != told.get("sha256"):
            lines = raw.count(b"\n")
            counted = f"({told.get('lines', 0)}条,现在{lines}条)" if told.get("lines") != lines else ""
            yield f"inputs/{name}.jsonl", f"{title}与第{last['number']}份封存时不同{counted}"


def check(folder, key):
    """All (file, reason) of a sweep's folder, and its seals that hold."""
    try:
        lines = read_manifest(folder)
    except ValueError as error:
        return [("manifest.jsonl", f"清单第{error}行读不出来")], []
    found = [*check_files(folder, lines), *check_seals(folder)]
    held = [seal for _, path in numbered(SEAL, folder) if not isinstance(seal := read_seal(path), str)]
    buried = [one for _, one in cleared_of(folder) if not isinstance(one, str)]
    # who may clear away is who may seal
    sealers = {seal["fingerprint"] for seal in held} if held else {one["fingerprint"] for one in buried[:1]}
    for one in buried:
        if one["fingerprint"] not in ({key} if key else sealers):
            found.append((one["file"], f"不是用封存的钥匙清理的(公钥指纹{one['fingerprint']})"))
    for seal in held:
        if key and seal["fingerprint"] != key:
            found.append((seal["file"], f"不是用告知的钥匙封存的(公钥指纹{seal['fingerprint']})"))
        found += check_stamp(folder, seal)[1]
    if held:
        more = len(lines) - held[-1]["statement"]["manifest"]["lines"]
        if more > 0:
            found.append((held[-1]["file"], f"第{held[-1]['number']}份封存之后又多了{more}个文件"))
        found += check_inputs(folder, held[-1])
    return found, held


def main(words):
    """Check every sweep in the folder; returns the exit code: 0 sound, 1 something was found, 2 asked wrongly."""
    key = ""
    if "--key" in words:
        at = words.index("--key")
        key = "".join(words[at + 1 : at + 2]).replace(" ", "").lower()
        words = words[:at] + words[at + 2 :]
        if not re.fullmatch(r"[0-9a-f]{32}", key):
            print("--key 后面要写封存单位告知的公钥指纹,32位数字和字母a到f")
            return 2
    top = Path(words[0] if words else __file__).resolve()
    top = top if top.is_dir() else top.parent
    sweeps = [one for one in (top, *sorted(top.iterdir())) if one.is_dir() and (one / "manifest.jsonl").is_file()]
    if not sweeps:
        print(f"{top} 里没有批次的证据(应有 manifest.jsonl);请写出导出的文件夹")
        return 2
    return max([_tell(folder, key) for folder in sweeps])


def _tell(folder, key):
    found, held = check(folder, key)
    for file, reason in found:
        print(f"{folder.name}/{file}:{reason}")
    if found:
        return 1
    gone = [one for _, one in cleared_of(folder)]
    lost = sum(len(one["files"]) for one in gone)
    print(f"批次 {folder.name} 的证据完好,{len(read_manifest(folder)) - lost}个文件与清单一致")
    for one in gone:
        print(f"{one['told']},不是损坏;清单里仍有它们的SHA-256")
    for seal in held:
        told = seal["statement"]
        print(f"第{seal['number']}份封存有效:{told['who'] or '(没有写封存人)'},{told['at']},公钥指纹{seal['fingerprint']}")
        if check_stamp(folder, seal)[0]:
            print(check_stamp(folder, seal)[0])
    if not held:
        print("没有封存:只能说明文件与清单一致,不能说明清单由谁何时作出")
    elif not key:
        print("请与封存单位另行告知的公钥指纹核对(或加 --key 指纹)")
    return 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
