"""The place and the frame of reading: municipalities, areas, indicators, plans."""
