umask 022
obuilder_finish() { echo "$1" > "$obuilder_status"; exit "$1"; }
obuilder_limit=$1 obuilder_directory=$2 obuilder_status=$3
shift 3
[ -z "$obuilder_limit" ] || ulimit -u "$obuilder_limit" || obuilder_finish 1
source ~/.obuilder_profile.sh || { echo "obuilder: $HOME/.obuilder_profile.sh failed" >&2; obuilder_finish 1; }
if [ -n "$obuilder_directory" ] && ! { cd -- "$obuilder_directory" 2>/dev/null || { mkdir -p -- "$obuilder_directory" && cd -- "$obuilder_directory"; }; }; then
    echo "obuilder: cannot use the working directory $obuilder_directory" >&2
    obuilder_finish 1
fi
env "$@"
obuilder_finish "$?"
