"""A batch of households beside registers of ten million rows, and records without numbers beside labelled persons."""
