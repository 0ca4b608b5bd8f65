"""``soundmap bench``: how long listening takes, beside the plain way to do the same.

Every figure in milliseconds is processor time of one thread's work, the median of some rounds in
which all contenders take turns: what else the machine does changes both sides alike, or neither.
"""
