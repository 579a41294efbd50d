# Runs the engine and writes down how it ended: the agent, the connection to it and the controller may all go away meanwhile.
#     sh -c "$(cat run-engine.sh)" obuilder CONTROL PREPARED JAVA JAR ARGUMENT...
# Standard input is the request. The engine's stays open behind it, with an empty line now and then, until CONTROL/stop is there: that stops
# an engine that this user may not signal. When the engine has ended, the next line breaks the pipe.
control=$1
prepared=$2
java=$3
jar=$4
shift 4
trap '' HUP
feed() {
    cat
    while [ ! -e "$control/stop" ] && echo; do
        sleep 1
    done
}
exec 3<&0 </dev/null
# -Xlog:disable: what the JVM does not like about the archive it would say on standard output.
feed <&3 2>/dev/null | "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xms16m -Xlog:disable \
    -XX:SharedArchiveFile="$prepared/classes.jsa" -jar "$jar" "$@" 3<&- >"$control/log" 2>&1 &
engine=$!
exec 3<&-
echo "$engine" >"$control/engine.tmp" &&
    mv "$control/engine.tmp" "$control/engine"
status=0
wait "$engine" || status=$?
# On a full disk there is no status: whoever follows then sees that, and that nothing runs any more.
echo "$status" >"$control/status.tmp" &&
    mv "$control/status.tmp" "$control/status"
# The next engines start faster. Nothing depends on it. It is no more of this build, whose processes are killed when it ends: it leaves the
# marks by which they are known, and this shell goes before it.
if mkdir "$prepared" 2>/dev/null; then
    unset JENKINS_NODE_COOKIE JENKINS_SERVER_COOKIE HUDSON_SERVER_COOKIE BUILD_ID
    nice "$java" -Xlog:disable -jar "$jar" prepare "$prepared" >/dev/null 2>&1 &
fi
