"""The twelve organisations of bench.gate_data.stranger, in two halves by turns."""

from bench.gate_data.strangers_four import FOUR
from bench.gate_data.strangers_one import ONE
from bench.gate_data.strangers_three import THREE
from bench.gate_data.strangers_two import TWO

STRANGERS = (*ONE, *TWO, *THREE, *FOUR)
