"""What an operator does from the command line, beside a desk that runs or without one."""
