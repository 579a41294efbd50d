#!/bin/sh
# The one program that sudo lets others run as root, made by obuilder @VERSION@: "obuilder install" replaces it, "obuilder uninstall" removes it.
# It takes no arguments. What is wanted comes over standard input; what is allowed stands in @CONFIG@.
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH
umask 022
cd / || exit 1
if [ "$#" != 0 ]; then
    echo "obuilder-agent: takes no arguments" >&2
    exit 2
fi
if [ "$(id -u)" != 0 ]; then
    echo "obuilder-agent: is for sudo to run" >&2
    exit 2
fi

# A caller's limits are not root's. Secrets are in memory: no core files.
raise() {
    ulimit -"$1" "$2" 2>/dev/null || ulimit -S -"$1" "$(ulimit -H -"$1")" 2>/dev/null || :
}
raise t unlimited
raise f unlimited
raise d unlimited
raise v unlimited
raise n 65536
ulimit -c 0

# Root runs nothing that somebody else could have changed since it was installed.
changed=$(find @STEPS@ -prune \( ! -user 0 -o ! -type l \( -perm -020 -o -perm -002 \) \) -print 2>&1) || changed=${changed:-find}
if [ -n "$changed" ]; then
    echo "obuilder-agent: refuses to run, because others than root could change" $changed >&2
    echo "obuilder-agent: mend owner and permissions there, or run obuilder install again" >&2
    exit 1
fi

exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    @JAVA@/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xms16m -XX:+DisableAttachMechanism@SHARING@ \
    -XX:ErrorFile=@TMP@/hs_err_%p.log -Djava.io.tmpdir=@TMP@ -Djna.tmpdir=@TMP@ -jar @JAR@ \
    serve --prefix=@PREFIX@ --config=@CONFIG@
