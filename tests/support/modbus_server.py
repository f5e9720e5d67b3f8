#!/usr/bin/python3
"""A Modbus server by somebody else (pymodbus), for the box's driver to be checked against.

usage: modbus_server.py tcp PORT | rtu DEVICE

Unit 1, holding registers, as a Chint DTSU666 with plain scaling has them (the floats are packed by Python's struct), and
some numbers of every type and order at 0x0100. Registers between are there and hold zeros; those above 0x5000 are not.
"""
import struct
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSequentialDataBlock, ModbusSlaveContext
from pymodbus.server import StartSerialServer, StartTcpServer
from pymodbus.transaction import ModbusRtuFramer


def words(packed):
    return list(struct.unpack(">%dH" % (len(packed) // 2), packed))


registers = [0] * 0x5000


def put(first, packed):
    for offset, word in enumerate(words(packed)):
        registers[first + offset] = word


put(0x0100, struct.pack(">f", 123456.0))  # abcd
put(0x0102, struct.pack(">f", 123456.0)[2:] + struct.pack(">f", 123456.0)[:2])  # cdab
put(0x0104, struct.pack("<f", 123456.0))  # dcba
put(0x0106, struct.pack(">i", -70000))
put(0x0108, struct.pack(">Q", 1234567890123))
put(0x010C, struct.pack(">h", -5))
put(0x010D, struct.pack(">H", 0xFFFF))  # a fill: no value
put(0x010E, struct.pack(">f", float("nan")))

block = ModbusSequentialDataBlock(0, registers)
context = ModbusServerContext(slaves={1: ModbusSlaveContext(hr=block, zero_mode=True)}, single=False)
if sys.argv[1] == "tcp":
    StartTcpServer(context=context, address=("127.0.0.1", int(sys.argv[2])))
else:
    StartSerialServer(context=context, framer=ModbusRtuFramer, port=sys.argv[2], baudrate=9600, parity="N", timeout=0.1)
