// Comfort only: every page reads and decides without it.
"use strict";
