"""Pure rules of the room: divisions, duties and roles, workforce, names and sheets. Each answers with reasons."""
