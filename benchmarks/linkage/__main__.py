"""`python -m benchmarks.linkage`, from the folder of the repository."""

from benchmarks.linkage.run import main

if __name__ == "__main__":
    raise SystemExit(main())
