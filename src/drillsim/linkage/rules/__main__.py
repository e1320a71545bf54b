"""Write docs/rules.md to standard output, in UTF-8 with line feeds on every platform."""

import sys

from drillsim.linkage.rules.pages import page

sys.stdout.buffer.write(page().encode("utf-8"))
