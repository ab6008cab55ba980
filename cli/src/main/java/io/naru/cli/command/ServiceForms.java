package io.naru.cli.command;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.Backend;
import io.naru.core.service.BackendState;
import io.naru.core.service.Protocol;
import io.naru.core.service.ServicePort;
import io.naru.core.service.TrafficPolicy;
import io.naru.core.text.DnsLabel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How people write the parts of a service. */
final class ServiceForms {
  private static final Pattern PORT =
      Pattern.compile(
          "(?:(?<name>[^:/]*[^:/0-9][^:/]*):)?(?<port>\\d{1,5})(?::(?<target>\\d{1,5}))?"
              + "(?:/(?<protocol>[a-zA-Z]+))?");
  private static final String POD = "pod:";

  private ServiceForms() {}

  /** {@code [NAME:]PORT[:TARGET][/tcp|udp]}. */
  static ServicePort port(String text) {
    Matcher matcher = PORT.matcher(text);
    if (!matcher.matches()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'" + text + "' is no port; write [NAME:]PORT[:TARGET][/tcp|udp], like http:80:8080/tcp");
    }
    String name = matcher.group("name");
    String target = matcher.group("target");
    String protocol = matcher.group("protocol");
    int port = Integer.parseInt(matcher.group("port"));
    if (target != null && Integer.parseInt(target) == 0) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "'" + text + "': 0 is no port; use a number from 1 to 65535");
    }
    return new ServicePort(
        name == null ? "" : name,
        protocol == null ? Protocol.TCP : Protocol.parse(protocol),
        port,
        target == null ? port : Integer.parseInt(target),
        Optional.empty());
  }

  /**
   * {@code ADDRESS[=STATE]}, or {@code pod:NAME[=STATE]} for each address of a pod.
   *
   * @param pods the addresses of a pod
   */
  static List<Backend> backends(String text, Function<String, List<IpAddress>> pods) {
    int equals = text.indexOf('=');
    String what = equals < 0 ? text : text.substring(0, equals);
    BackendState state =
        equals < 0
            ? BackendState.READY
            : choice(text.substring(equals + 1), BackendState.values(), "state of a backend");
    if (!what.startsWith(POD)) {
      return List.of(new Backend(IpAddress.parse(what), state, Optional.empty()));
    }
    String pod = what.substring(POD.length());
    Optional<String> hostname = Optional.of(pod).filter(DnsLabel::isOne);
    return pods.apply(pod).stream().map(address -> new Backend(address, state, hostname)).toList();
  }

  static TrafficPolicy policy(String text) {
    return choice(text, TrafficPolicy.values(), "traffic policy");
  }

  private static <E extends Enum<E>> E choice(String text, E[] constants, String what) {
    return Arrays.stream(constants)
        .filter(constant -> constant.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.BAD_INPUT,
                    "'"
                        + text
                        + "' is no "
                        + what
                        + "; choose "
                        + Arrays.stream(constants)
                            .map(Enum::toString)
                            .collect(Collectors.joining(", "))));
  }
}
