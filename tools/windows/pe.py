"""Windows programs and libraries: for which processor, and which libraries they load (PE/COFF, §3 and §6.4)."""

import struct

AMD64 = 0x8664
_PLUS = 0x20B
_IMPORTS = 1


def machine(data: bytes) -> int:
    """The processor's number in the COFF header. Raises ValueError when this is no PE file."""
    try:
        (start,) = struct.unpack_from("<I", data, 0x3C)
        if data[:2] != b"MZ" or data[start : start + 4] != b"PE\0\0":
            raise ValueError("not a Windows program")
        return int(struct.unpack_from("<H", data, start + 4)[0])
    except struct.error as error:
        raise ValueError("not a Windows program") from error


def loads(data: bytes) -> list[str]:
    """Names of the libraries in the import table, in lower case. Raises ValueError for anything but a 64-bit PE file."""
    if machine(data) != AMD64:
        raise ValueError("made for another processor")
    (start,) = struct.unpack_from("<I", data, 0x3C)
    sections, optional = struct.unpack_from("<H", data, start + 6)[0], struct.unpack_from("<H", data, start + 20)[0]
    header = start + 24
    if struct.unpack_from("<H", data, header)[0] != _PLUS:
        raise ValueError("not a 64-bit Windows program")
    (table,) = struct.unpack_from("<I", data, header + 112 + 8 * _IMPORTS)
    rows = [struct.unpack_from("<IIII", data, header + optional + 40 * number + 8) for number in range(sections)]
    return _names(data, rows, table) if table else []


def _names(data: bytes, sections: list[tuple[int, ...]], table: int) -> list[str]:
    at, found = _offset(sections, table), []
    while (name := struct.unpack_from("<IIIII", data, at)[3]) != 0:
        begin = _offset(sections, name)
        found.append(data[begin : data.index(b"\0", begin)].decode("ascii").lower())
        at += 20
    return found


def _offset(sections: list[tuple[int, ...]], address: int) -> int:
    """Where an address in memory lies in the file; a section is (size in memory, address, size in file, offset)."""
    for size, base, stored, offset in sections:
        if base <= address < base + max(size, stored):
            return address - base + offset
    raise ValueError(f"address {address:#x} lies in no section")
