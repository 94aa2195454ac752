"""State to HTML: pure functions, standard library only, every value escaped."""
