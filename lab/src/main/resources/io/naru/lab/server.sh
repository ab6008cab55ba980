# Runs the cluster's server with a /run/naru of its own. Arguments: the command.
set -eu
mount -t tmpfs -o mode=0700 naru /run/naru
exec "$@"
