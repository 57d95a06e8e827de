"""How two surfaces of one server differ, one file for each kind of difference."""
