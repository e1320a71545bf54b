"""`python -m drillsim`: the command line where no script is on the path."""

from drillsim.cli import main

if __name__ == "__main__":
    main()
