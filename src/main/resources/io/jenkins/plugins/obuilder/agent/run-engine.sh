# Runs the engine and writes down how it ended: the agent, the connection to it and the controller may all go away meanwhile.
#     sh -c "$(cat run-engine.sh)" obuilder CONTROL COMMAND...
control=$1
shift
trap '' HUP
"$@" <"$control/input" >"$control/log" 2>&1 &
engine=$!
echo "$engine" >"$control/engine.tmp"
mv "$control/engine.tmp" "$control/engine"
status=0
wait "$engine" || status=$?
echo "$status" >"$control/status.tmp"
mv "$control/status.tmp" "$control/status"
