#!/usr/bin/env python3
"""Writes a seed corpus for each fuzz target from the meter vectors and the papers of the tests: make_seeds.py FOLDER."""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "meters"
DECODE_CHOICE = {"DLT645-2007": 0, "DLT645-1997": 1, "CJT188": 2, "MODBUS": 5}
POLL_CHOICE = {"DLT645-2007": 0, "DLT645-1997": 1, "CJT188": 2, "MODBUS": 3}
OFFSET = {"DLT645-2007": 0x33, "DLT645-1997": 0x33}
CASE_BODIES = {
    "receive": {"item": "planning-permit", "area_m2": "3200.5", "form": {"project_name": "厂房", "building_site": "路 8 号"}, "urgent": False, "draft": "d", "idempotency_key": "k",
                "applicant": {"kind": "company", "name": "包头某公司", "code": "91150203MA0N000164", "phone": "13812348000"}},
    "put": {"act": "put_material", "material": "survey", "file": "0" * 64, "name": "a.pdf"},
    "accept": {"act": "accept", "materials": ["survey"], "until": "2026-03-06"},
    "correction": {"act": "correction_notice", "materials": ["survey"], "text": "t", "until": "2026-03-13"},
    "certificate": {"act": "correct_certificate", "number": "1", "text": "t"},
    "decide": {"act": "decide", "granted": False, "ground": "§", "text": "t"},
    "answer": {"act": "answer", "event": {"writer": "park", "epoch": 1, "seq": 2}, "confirmed": True},
    "pause": {"act": "pause", "pause_ground": "hearing", "document": "d"},
    "extend": {"act": "extend", "days": 5, "text": "t"},
    "reason": {"reason": "r"},
}
HEADER = {"DLT645-2007": 10, "DLT645-1997": 10, "CJT188": 11}


def data_field(protocol, frame):
    """The data field of the first frame, without preamble, checksum and end."""
    start = frame.find(0x68)
    body = frame[start + HEADER[protocol]:-2]
    return bytes((byte - OFFSET.get(protocol, 0)) % 256 for byte in body)


def write(folder, target, name, content):
    path = folder / target
    path.mkdir(parents=True, exist_ok=True)
    (path / name).write_bytes(content)


def main():
    folder = pathlib.Path(sys.argv[1])
    for fixture in sorted(FIXTURES.glob("*.json")):
        for vector in json.loads(fixture.read_text(encoding="utf-8"))["vectors"]:
            protocol = vector["protocol"]
            for part in ("request_hex", "response_hex"):
                if not vector.get(part):
                    continue
                frame = bytes.fromhex(vector[part])
                name = f"{vector['id']}-{part[:-4]}"
                write(folder, "fuzz_frame_scanner", name, frame)
                write(folder, "fuzz_decode", name, bytes([DECODE_CHOICE[protocol]]) + frame)
                write(folder, "fuzz_polls", name, bytes([POLL_CHOICE[protocol], 31]) + frame)
                if protocol == "MODBUS":
                    write(folder, "fuzz_modbus", name, bytes([1, 0, 9]) + frame)
                elif 0x68 in frame:
                    data = data_field(protocol, frame)
                    if protocol == "CJT188":
                        write(folder, "fuzz_cjt188_answer", name, bytes([int(vector["expect"].get("meter_type", "10"), 16)]) + data)
                    else:
                        write(folder, "fuzz_dlt645_answer", name, data)
    for golden in sorted((ROOT / "core" / "contract" / "vectors").glob("series-*.hex")):
        write(folder, "fuzz_series_block", golden.stem, bytes.fromhex(golden.read_text(encoding="utf-8")))
    for golden in sorted((ROOT / "core" / "contract" / "vectors").glob("event-*.hex")):
        write(folder, "fuzz_ledger_event", golden.stem, bytes.fromhex(golden.read_text(encoding="utf-8")))
    for target, names in (("fuzz_person_message", "person-*.hex"), ("fuzz_document_message", "document-*.hex"), ("fuzz_file_message", "file-*.hex"), ("fuzz_snapshot_message", "snapshot-*.hex"), ("fuzz_sealed", "sealed-*.hex")):
        for golden in sorted((ROOT / "core" / "contract" / "vectors").glob(names)):
            write(folder, target, golden.stem, bytes.fromhex(golden.read_text(encoding="utf-8")))
    for name, body in CASE_BODIES.items():
        write(folder, "fuzz_case_body", name, json.dumps(body, ensure_ascii=False).encode())
    for profile in sorted((ROOT / "firmware-config" / "profiles").glob("*.toml")):
        write(folder, "fuzz_field_config", profile.name, profile.read_bytes())
    for paper in sorted((ROOT / "tests" / "fixtures" / "papers").glob("*.json")):
        write(folder, "fuzz_paper", paper.name, paper.read_bytes())


if __name__ == "__main__":
    main()
