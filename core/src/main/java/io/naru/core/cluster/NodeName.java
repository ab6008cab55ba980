package io.naru.core.cluster;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.regex.Pattern;

/**
 * A node's name: a DNS subdomain (RFC 1123) of at most 63 characters, as Kubernetes names nodes.
 */
public record NodeName(String text) implements Comparable<NodeName> {
  private static final Pattern SHAPE =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  public NodeName {
    if (text.length() > 63 || !SHAPE.matcher(text).matches()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'" + text + "' is not a node name; use 1 to 63 of a-z, 0-9, '-' and '.', like node-1");
    }
  }

  @Override
  public int compareTo(NodeName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
