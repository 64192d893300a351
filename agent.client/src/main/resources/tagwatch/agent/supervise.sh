#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs an agent, and runs it again when it ends by itself: killed, crashed or out of memory. A shell
# needs a megabyte where another Java machine would need forty.
#
# Usage: supervise.sh HOME COMMAND...
home=$1
shift
socket=$home/run/agent.sock
totals=$home/state/outages
first=yes
stopping=
agent=
pause=0

trap 'stopping=yes; [ -z "$agent" ] || kill -TERM "$agent" 2>/dev/null' TERM INT HUP

# Hundredths of a second since boot.
now() {
  read -r up _ </proc/uptime
  echo "${up%.*}${up#*.}"
}

# note COUNT HUNDREDTHS REASON: what status shows; renamed in, so that nobody reads half of it.
note() {
  printf '%s %s\n' "$1" "$2" >"$totals.new" && mv "$totals.new" "$totals"
  printf '{"count": %s, "seconds": %s.%02d, "last": "%s"}\n' \
    "$1" "$(($2 / 100))" "$(($2 % 100))" "$3" >"$totals.json.new" &&
    mv "$totals.json.new" "$totals.json"
}

while :; do
  # else the one of the agent that is gone would seem to answer
  rm -f "$socket"
  "$@" &
  agent=$!
  began=$(now)
  while [ ! -S "$socket" ] && kill -0 "$agent" 2>/dev/null; do sleep 0.05; done
  if [ -S "$socket" ]; then
    if [ "$first" = no ]; then
      note "$count" "$((lost + $(now) - ended))" "$reason"
    fi
    first=no
  fi
  # a signal ends the waiting, not the agent
  wait "$agent"
  code=$?
  while kill -0 "$agent" 2>/dev/null; do
    wait "$agent"
    code=$?
  done
  ended=$(now)
  # Ended by an order, or never up: not to be started again. 143: somebody sent it SIGTERM.
  if [ -n "$stopping" ] || [ "$first" = yes ] || [ "$code" = 0 ] || [ "$code" = 143 ]; then
    exit "$code"
  fi
  count=0
  lost=0
  [ ! -r "$totals" ] || read -r count lost <"$totals"
  count=$((count + 1))
  case $code in
    3) reason="exit code 3, out of memory" ;;
    137) reason="killed" ;;
    *) reason="exit code $code" ;;
  esac
  note "$count" "$lost" "$reason"
  echo "supervisor: the agent ended ($reason) and is started again"
  # One that does not stay up is given time, up to half a minute.
  if [ "$((ended - began))" -lt 1000 ]; then
    pause=$((pause == 0 ? 1 : pause * 2 > 30 ? 30 : pause * 2))
    [ "$pause" = 1 ] || sleep "$((pause / 2))"
  else
    pause=0
  fi
  [ -z "$stopping" ] || exit "$code"
done
