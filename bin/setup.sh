# shellcheck shell=bash
# Shared by bin/naru, bin/test, bin/fuzz and bin/bench: finds a JDK, installs what is missing, builds.
# Sourced, not run. Everything it says goes to standard error.

naru_home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
naru_build=$naru_home/build/naru
: "${HOME:=$(getent passwd "$EUID" | cut -d: -f6)}" # a unit of systemd has none, and Maven wants one
export HOME
export PATH=$PATH:/usr/sbin:/sbin # su without a dash leaves them out, and nft and ip are there
# What Naru runs or builds with, and the Debian package it is in. A path stands for a file.
# shellcheck disable=SC2034 # for the scripts that source this
naru_needs=(nft=nftables ip=iproute2 ping=iputils-ping unshare=util-linux sysctl=procps ethtool=ethtool
  gcc=gcc /usr/include/stdio.h=libc6-dev)

say() { printf '%s\n' "$*" >&2; }

# Whether a folder holds a JDK of version 25 or later. Reads the release file: starting java costs 50 ms.
jdk_fits() {
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  local line
  while IFS= read -r line; do
    [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]] && return $((BASH_REMATCH[1] < 25))
  done <"$1/release"
  return 1
}

# Sets JAVA_HOME to a JDK of version 25 or later: JAVA_HOME itself, the usual folders, PATH.
find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/jdk* /opt/java/* /usr/local/jdk* \
    "$HOME"/.sdkman/candidates/java/* PATH; do
    [[ $candidate == PATH ]] && candidate=$(jdk_in_path)
    if [[ -n $candidate ]] && jdk_fits "$candidate"; then
      export JAVA_HOME=$candidate
      return
    fi
  done
  say "Naru needs a JDK 25 or later, and found none in JAVA_HOME, /usr/lib/jvm, /opt and PATH."
  say "Get one from https://adoptium.net (Debian: add their repository, apt-get install temurin-25-jdk), or set JAVA_HOME."
  exit 3
}

jdk_in_path() {
  local javac
  if javac=$(type -P javac); then
    javac=$(readlink -f "$javac")
    printf '%s' "${javac%/bin/javac}"
  fi
}

# Installs the Debian packages that are missing, after naming them. Arguments: program=package.
install_packages() {
  local missing=() need
  for need in "$@"; do # looks for files: asking dpkg costs 10 ms a package
    if [[ $need == /* ]]; then
      [[ -e ${need%%=*} ]] || missing+=("${need#*=}")
    else
      type -P "${need%%=*}" >/dev/null || missing+=("${need#*=}")
    fi
  done
  ((${#missing[@]} == 0)) && return
  if ! command -v apt-get >/dev/null; then
    say "Naru needs these packages, under whatever names your distribution gives them: ${missing[*]}"
    exit 3
  fi
  if ((EUID != 0)); then
    say "Naru needs Debian packages that are missing. Install them, then try again:"
    say "  sudo apt-get install ${missing[*]}"
    exit 3
  fi
  say "Installing Debian packages that Naru needs: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; }; } \
    >"$log" 2>&1 </dev/null; then
    say "apt-get could not install them. It said:"
    tail -n 15 "$log" >&2
    rm -f "$log"
    exit 3
  fi
  rm -f "$log"
}

# Shows that something long goes on: a line that is rewritten on a terminal, a line a step elsewhere.
with_progress() {
  local title=$1 log=$2 started=$SECONDS last=0
  shift 2
  "$@" >"$log" 2>&1 </dev/null &
  local job=$!
  while kill -0 "$job" 2>/dev/null; do
    if [[ -t 2 ]]; then
      printf '\r%s … %ds ' "$title" $((SECONDS - started)) >&2
    elif ((SECONDS - started >= last + 15)); then
      last=$((SECONDS - started))
      say "$title … ${last}s"
    fi
    sleep 0.3
  done
  local status=0
  wait "$job" || status=$?
  [[ -t 2 ]] && printf '\r' >&2
  if ((status == 0)); then
    say "$title: done in $((SECONDS - started))s      "
  else
    say "$title: failed. The end of its log ($log):"
    grep -E 'ERROR|error:|WARNING.*java' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
    exit 1
  fi
}

# Folders too: their time tells of files that went away.
sources_changed() {
  [[ ! -f $naru_build/stamp ]] ||
    [[ -n $(cd "$naru_home" && find pom.xml .mvn bin/setup.sh ./*/pom.xml ./*/src/main -newer "$naru_build/stamp" -print -quit) ]]
}

# Sets jdk_now to what tells this JDK from another and from its own next update: folder, release file.
describe_jdk() {
  IFS= read -r -d '' jdk_now <"$JAVA_HOME/release" || true
  jdk_now=$JAVA_HOME$'\n'$jdk_now
}

jdk_changed() {
  local built=
  [[ -f $naru_build/jdk ]] && IFS= read -r -d '' built <"$naru_build/jdk"
  describe_jdk
  [[ $built != "$jdk_now" ]]
}

# Copies what was built to one place.
assemble() {
  local staging=$naru_home/build/staging
  rm -rf "$staging"
  mkdir -p "$staging/lib"
  cp "$naru_home"/cli/target/lib/*.jar "$naru_home"/cli/target/naru-cli-*.jar "$staging/lib/"
  install -m 0755 "$naru_home/cni/target/naru-cni" "$staging/naru-cni"
  cp "$naru_home"/bench/target/naru-bench-*.jar "$staging/bench.jar"
  # Without this everything works, only slower.
  "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -cp "$staging/lib/*" io.naru.cli.start.CacheableJars "$staging/lib" || true
  rm -rf "$naru_build"
  mv "$staging" "$naru_build"
  local jar classpath=
  for jar in "$naru_build"/lib/*.jar; do classpath+=${classpath:+:}$jar; done
  printf '%s' "$classpath" >"$naru_build/classpath"
}

# Runs a command where it can harm nothing: in a network of its own, with a link that leads nowhere, and a
# /run of its own. Whatever it leaves running ends with it. Fails where this user may not make namespaces.
alone() {
  local own=(--net --mount --pid --fork --kill-child --mount-proc)
  ((EUID == 0)) || own+=(--user --map-root-user)
  # shellcheck disable=SC2016 # for the inner shell
  timeout 120 unshare "${own[@]}" bash -euc '
    mount -t tmpfs naru /run
    ip link set lo up
    ip link add eth0 type veth peer name peer0
    ip address add 192.0.2.1/24 dev eth0
    ip link set eth0 up
    ip link set peer0 up
    "$@"' alone "$@"
}

# One training run, of commands, the server or an agent. Arguments: which, and a directory if it is alone.
# What a cache can tell C2 of past runs is left out: C2 is not used.
train() {
  "$JAVA_HOME/bin/java" "-XX:AOTCacheOutput=$naru_build/$1.aot" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:-UsePerfData \
    --enable-native-access=ALL-UNNAMED "-Dnaru.home=$naru_home" \
    -cp "$(<"$naru_build/classpath")" io.naru.cli.start.Training "$@"
}

train_all() {
  mkdir /run/naru-training
  train server /run/naru-training &
  train agent /run/naru-training &
  train commands /run/naru-training
  wait
}

# Trains the JVM's caches of loaded classes, which make starts fast. A failure costs only speed.
train_caches() {
  rm -f "$naru_build"/*.aot
  export -f train train_all
  export naru_build naru_home JAVA_HOME
  alone bash -c train_all || train commands || rm -f "$naru_build"/*.aot
  rm -f "$naru_build"/*.aot.config
  describe_jdk
  printf '%s\0' "$jdk_now" >"$naru_build/jdk"
}

build_all() {
  rm -rf "$naru_home/cli/target/lib" # or libraries of older versions would stay there
  "$naru_home/mvnw" -f "$naru_home/pom.xml" -B -ntp -q -T 2 package -Dmaven.test.skip=true -Dspotless.check.skip=true &&
    assemble && train_caches
}

# Builds if nothing was built yet or the sources changed; trains again if the JDK is another one.
build_if_needed() {
  if ! sources_changed && ! jdk_changed; then return; fi
  if ! mkdir -p "$naru_home/build" 2>/dev/null || [[ ! -w $naru_home/build ]]; then
    say "Naru has to be built, and you may not write to $naru_home/build: run this once as the user who may."
    exit 3
  fi
  local lock began
  exec {lock}>"$naru_home/build/lock"
  flock "$lock"
  if sources_changed; then
    began=$(mktemp)
    with_progress "Building Naru (the first time fetches its libraries)" "$naru_home/build/build.log" build_all
    mv "$began" "$naru_build/stamp"
  elif jdk_changed; then
    with_progress "Preparing fast starts with another JDK" "$naru_home/build/training.log" train_caches
  fi
  exec {lock}>&-
}
