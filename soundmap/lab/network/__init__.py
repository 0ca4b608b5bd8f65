"""The network in torch: its layers, its export as a graph, its device."""
