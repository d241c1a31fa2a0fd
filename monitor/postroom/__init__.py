"""Where mail goes out: a process beside the daemon that outlives it as long as servers owe an answer."""
