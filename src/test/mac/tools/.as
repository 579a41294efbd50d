#!/bin/bash
# .as NAME PROGRAM ARGUMENT...: runs a program under another name, as login(1) does with a dash before it.
name=$1
program=$2
shift 2
exec -a "$name" "$program" "$@"
