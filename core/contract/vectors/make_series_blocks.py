#!/usr/bin/env python3
"""Writes the golden series blocks of this folder from series-format.md, without the product's code. Needs zstd."""
import hashlib
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
LEVEL, STEP, TREND, REFERENCE = range(4)


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def fold(value):
    return 2 * value if value >= 0 else -2 * value - 1


def signed(value):
    return varint(fold(value))


def runs(values):
    out = b""
    begin = 0
    while begin < len(values):
        end = begin
        while end < len(values) and values[end] == values[begin]:
            end += 1
        out += varint(values[begin]) + varint(0 if end == len(values) else end - begin)
        begin = end
    return out


def column(model, parameters, residuals, planes):
    """(head, planes, wide) of a column."""
    escape = 256**planes - 1
    folded = [fold(r) for r in residuals]
    head = bytes([(planes - 1) * 16 + model]) + b"".join(signed(p) for p in parameters)
    plane_bytes = b"".join(bytes((min(u, escape) >> 8 * p) & 0xFF for u in folded) for p in range(planes))
    return head, plane_bytes, b"".join(varint(u - escape) for u in folded if u >= escape)


class Coder:
    """A range coder with one integer for all that was written: the low end is never carried, it simply grows."""

    def __init__(self):
        self.low, self.bytes, self.width = 0, 0, 2**32 - 1  # low in units of the last of 4 + `bytes` bytes

    def learnt(self, models, key, bit):
        p, n = models.get(key, (32768, 0))
        zero = (self.width >> 16) * p
        self.low, self.width = (self.low + zero, self.width - zero) if bit else (self.low, zero)
        rate = 131072 // (2 * n + 3)
        p = p - (p * rate >> 16) if bit else p + ((65536 - p) * rate >> 16)
        models[key] = (min(max(p, 32), 65504), min(n + 1, 254))
        self.settle()

    def even(self, bit):
        self.width >>= 1
        self.low += self.width if bit else 0
        self.settle()

    def settle(self):
        while self.width < 2**24:
            self.width, self.low, self.bytes = self.width << 8, self.low << 8, self.bytes + 1

    def stream(self):
        return self.low.to_bytes(4 + self.bytes, "big")


def coded(columns):
    """The stream of the columns' residuals."""
    coder = Coder()
    for residuals in columns:
        models, before, older = {}, 0, 0
        for u in map(fold, residuals):
            coder.learnt(models, ("some", before, older), u != 0)
            if u != 0:
                width = u.bit_length()
                told = format(min(width - 1, 7), "03b")
                for i, bit in enumerate(told):
                    coder.learnt(models, ("width", before, older, told[:i]), bit == "1")
                if width >= 8:
                    told = format(width - 8, "06b")
                    for i, bit in enumerate(told):
                        coder.learnt(models, ("great", told[:i]), bit == "1")
                behind = format(u, "b")[1:]
                for i, bit in enumerate(behind):
                    if i < 3:
                        coder.learnt(models, ("behind", before, width, behind[:i]), bit == "1")
                    else:
                        coder.even(bit == "1")
            before, older = min(u, 3), before
    return coder.stream()


def frame(plain):
    if not plain:
        return b""
    # The size is told: zstd writes it down only when it knows it beforehand.
    command = ["zstd", "-q", "--check", f"--stream-size={len(plain)}", "-c"]
    return subprocess.run(command, input=plain, capture_output=True, check=True).stdout


def block(min_reader, first_point, last_point, readings, first, last, streams):
    packed = [frame(s) for s in streams]
    return (b"YS" + bytes([1, min_reader]) + varint(first_point) + varint(last_point - first_point) + varint(readings)
            + signed(first) + varint(last - first) + b"".join(varint(len(p)) for p in packed) + b"".join(packed))


def coded_block(min_reader, first_point, last_point, readings, first, last, streams):
    content = (b"YS" + bytes([2, min_reader]) + varint(first_point) + varint(last_point - first_point) + varint(readings)
               + signed(first) + varint(last - first) + b"".join(varint(len(s)) for s in streams) + b"".join(streams))
    return content + hashlib.sha256(content).digest()[:4]


def two_points_coded(min_reader):
    """The readings of two_points()."""
    start_ms = 1772431680000
    residuals = {"time_7": [0, 2, -300, 298], "value_7": [1, -2], "time_9": [0, 0, 1, 0, -1], "value_9": [0, 11, -3, 0, -4400]}
    time_7 = column(STEP, [start_ms, 15000], [], 1)[0]
    value_7 = column(TREND, [184236, 20], [], 1)[0]
    time_9 = column(REFERENCE, [40], [], 1)[0]
    value_9 = column(LEVEL, [2200], [], 1)[0]
    head = (varint(0) + varint(5) + bytes([1]) + time_7 + runs([3, 3, 3, 0, 3]) + value_7 + runs([0, 0, 0, 3, 0])
            + runs([0, 0, 0, 0, 1])
            + varint(2) + varint(5) + bytes([1]) + time_9 + runs([2] * 5) + value_9 + runs([0, 0, 1, 0, 0]) + runs([0] * 5))
    streams = [frame(head), coded([residuals["time_7"], residuals["time_9"]]), coded([residuals["value_7"], residuals["value_9"]])]
    first = start_ms * 1000
    return coded_block(min_reader, 7, 9, 10, first, first + 60_039_000, streams)


def two_points(min_reader):
    """Point 7: 5 readings of a register, 15 s apart, the fourth without a value. Point 9: 5 of a gauge, each 40 ms later."""
    start_ms = 1772431680000
    time_7 = column(STEP, [start_ms, 15000], [0, 2, -300, 298], 1)
    value_7 = column(TREND, [184236, 20], [1, -2], 1)  # 1842.36 1842.56 1842.77 1842.96
    time_9 = column(REFERENCE, [40], [0, 0, 1, 0, -1], 1)
    value_9 = column(LEVEL, [2200], [0, 11, -3, 0, -4400], 1)  # 220.0 221.1 219.7 220.0 -220.0, the last one wide
    head = (varint(0) + varint(5) + bytes([1]) + time_7[0] + runs([3, 3, 3, 0, 3]) + value_7[0] + runs([0, 0, 0, 3, 0])
            + runs([0, 0, 0, 0, 1])
            + varint(2) + varint(5) + bytes([1]) + time_9[0] + runs([2] * 5) + value_9[0] + runs([0, 0, 1, 0, 0])
            + runs([0] * 5))
    streams = [head, time_7[1] + time_9[1], value_7[1] + value_9[1], time_7[2] + value_7[2] + time_9[2] + value_9[2]]
    first = start_ms * 1000
    return block(min_reader, 7, 9, 10, first, first + 60_039_000, streams)


def packed_slice():
    """HistoryRecord.slice of boot 77: points 1, 2, 3, 40 ms apart; 1842.36, 220.5, and none, unreachable."""
    points = column(STEP, [1, 1], [0, 0], 1)
    times = column(LEVEL, [40], [-40, 0, 40], 1)
    mantissas = column(LEVEL, [2205], [182031, 0], 3)
    head = (varint(3) + bytes([1]) + points[0] + times[0] + runs([3, 2, 0]) + mantissas[0] + runs([0, 0, 3]))
    parts = [head, points[1] + times[1] + mantissas[1], points[2] + times[2] + mantissas[2]]
    packed = frame(b"".join(varint(len(p)) for p in parts) + b"".join(parts))
    base_time = 1772431680000000
    # Fields 1 (base time) and 8 (monotonic clock) are signed varints, 7 (boot) is one, 11 (packed) is bytes.
    message = (bytes([1 << 3]) + signed(base_time) + bytes([7 << 3]) + varint(77) + bytes([8 << 3]) + signed(5000)
               + bytes([11 << 3 | 2]) + varint(len(packed)) + packed)
    return bytes([1 << 3 | 2]) + varint(len(message)) + message


def main():
    for name, content in (("series-two-points", two_points(1)), ("series-two-points-coded", two_points_coded(2)),
                          ("series-newer-reader", two_points_coded(3)),
                          ("packed-slice-three-readings", packed_slice())):
        text = content.hex().upper()
        (HERE / f"{name}.hex").write_text("\n".join(text[i:i + 96] for i in range(0, len(text), 96)) + "\n")


if __name__ == "__main__":
    main()
