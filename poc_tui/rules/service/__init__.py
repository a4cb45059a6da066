"""How long things may take: business time, service levels, deadlines, clocks, the chase ladder."""
