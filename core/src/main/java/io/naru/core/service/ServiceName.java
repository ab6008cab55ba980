package io.naru.core.service;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.text.DnsLabel;
import java.util.Comparator;

/**
 * A service's name within its namespace, both DNS labels (RFC 1123) as Kubernetes has them. Written
 * {@code NAMESPACE/NAME}, or {@code NAME} alone in the namespace {@code default}.
 */
public record ServiceName(String namespace, String name) implements Comparable<ServiceName> {
  /** The namespace of a name that says none. */
  public static final String DEFAULT_NAMESPACE = "default";

  private static final Comparator<ServiceName> ORDER =
      Comparator.comparing(ServiceName::namespace).thenComparing(ServiceName::name);

  public ServiceName {
    requireLabel("namespace", namespace);
    requireLabel("service", name);
  }

  private static void requireLabel(String what, String text) {
    if (!DnsLabel.isOne(text)) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'"
              + text
              + "' cannot name a "
              + what
              + "; use 1 to 63 of a-z, 0-9 and '-', like web, or NAMESPACE/NAME");
    }
  }

  /** The name that a text says. */
  public static ServiceName parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new ServiceName(DEFAULT_NAMESPACE, text)
        : new ServiceName(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(ServiceName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
