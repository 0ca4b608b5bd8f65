"""``soundmap bench``: how long listening takes, compared with a straightforward pipeline.

Times in milliseconds are processor time of one thread: medians over rounds in which all contenders
take turns, so that other load on the machine slows all of them alike.
"""
