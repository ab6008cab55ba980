# Shared by bin/naru, bin/test and bin/bench: finds a JDK, installs what is missing, builds.
# Sourced, not run. Everything it says goes to standard error.

naru_home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
naru_build=$naru_home/build/naru
naru_packages=(nftables iproute2 iputils-ping util-linux gcc libc6-dev)

say() { printf '%s\n' "$*" >&2; }

# The major version of the JDK in a folder, or nothing. Reads the release file: starting java costs 50 ms.
jdk_major() {
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [[ $version =~ ^[0-9]+$ ]] && ((version >= 25))
}

# Sets JAVA_HOME to a JDK of version 25 or later: JAVA_HOME itself, the usual folders, PATH.
find_jdk() {
  local candidate path_java
  path_java=$(command -v javac || true)
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/jdk* /opt/java/* /usr/local/jdk* \
    "$HOME"/.sdkman/candidates/java/* "${path_java:+$(dirname "$(dirname "$(readlink -f "$path_java")")")}"; do
    if [[ -n $candidate ]] && jdk_major "$candidate"; then
      export JAVA_HOME=$candidate
      return
    fi
  done
  say "Naru needs a JDK 25 or later, and found none in JAVA_HOME, /usr/lib/jvm, /opt and PATH."
  say "Get one from https://adoptium.net (Debian: add their repository, apt-get install temurin-25-jdk), or set JAVA_HOME."
  exit 3
}

# Installs the Debian packages named that are missing, after naming them.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
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

sources_changed() {
  [[ -n $(cd "$naru_home" && find pom.xml .mvn bin/setup.sh ./*/pom.xml ./*/src/main -newer "$naru_build/stamp" \
    -type f -print -quit) ]]
}

# Copies what was built to one place, and trains the cache of loaded classes that makes starts fast.
assemble() {
  local staging=$naru_home/build/staging
  rm -rf "$staging"
  mkdir -p "$staging/lib"
  cp "$naru_home"/cli/target/lib/*.jar "$naru_home"/cli/target/naru-cli-*.jar "$staging/lib/"
  install -m 0755 "$naru_home/cni/target/naru-cni" "$staging/naru-cni"
  rm -rf "$naru_build"
  mv "$staging" "$naru_build"
  local jar classpath=
  for jar in "$naru_build"/lib/*.jar; do classpath+=${classpath:+:}$jar; done
  printf '%s' "$classpath" >"$naru_build/classpath"
  printf '%s' "$JAVA_HOME" >"$naru_build/jdk"
  # Without the cache everything works, only slower: its failure is no error.
  NARU_TRAINING=1 "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$naru_build/naru.aot" -XX:+UseSerialGC \
    -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -Dnaru.home="$naru_home" \
    -cp "$classpath" io.naru.cli.Training || rm -f "$naru_build/naru.aot"
}

build_all() {
  "$naru_home/mvnw" -f "$naru_home/pom.xml" -B -ntp -q package -Dmaven.test.skip=true -Dspotless.check.skip=true && assemble
}

# Builds if nothing was built yet, the sources changed, or the JDK is another one.
build_if_needed() {
  [[ -z ${NARU_INSIDE:-} ]] || return 0
  if [[ -f $naru_build/stamp && $(<"$naru_build/jdk") == "$JAVA_HOME" ]] && ! sources_changed; then
    return
  fi
  mkdir -p "$naru_home/build"
  exec {lock}>"$naru_home/build/lock"
  flock "$lock"
  if [[ ! -f $naru_build/stamp || $(<"$naru_build/jdk") != "$JAVA_HOME" ]] || sources_changed; then
    local began
    began=$(mktemp)
    with_progress "Building Naru (the first time fetches its libraries)" "$naru_home/build/build.log" build_all
    mv "$began" "$naru_build/stamp"
  fi
  exec {lock}>&-
}
