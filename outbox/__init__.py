"""Every letter is first a row: two lanes, vetoes, sweep, uncertain state."""
