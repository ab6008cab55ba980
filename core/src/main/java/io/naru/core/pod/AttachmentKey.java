package io.naru.core.pod;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.regex.Pattern;

/**
 * What CNI identifies an attachment by (CNI specification, "Parameters").
 *
 * @param containerId the runtime's name for the container
 * @param interfaceName the interface in the container's network namespace
 */
public record AttachmentKey(String containerId, String interfaceName)
    implements Comparable<AttachmentKey> {
  private static final Pattern CONTAINER_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,199}");
  private static final Pattern INTERFACE_NAME = Pattern.compile("[\\x21-\\x7e&&[^/:]]{1,15}");

  public AttachmentKey {
    if (!CONTAINER_ID.matcher(containerId).matches()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "a container ID must begin with a letter or digit and have 1 to 200 of letters, digits,"
              + " '_', '.' and '-'");
    }
    // IFNAMSIZ of linux/if.h counts bytes with a final zero; the kernel's dev_valid_name the rest.
    if (!INTERFACE_NAME.matcher(interfaceName).matches()
        || interfaceName.equals(".")
        || interfaceName.equals("..")) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "an interface name must have 1 to 15 ASCII characters without '/', ':' and white space");
    }
  }

  @Override
  public int compareTo(AttachmentKey other) {
    int byContainer = containerId.compareTo(other.containerId);
    return byContainer != 0 ? byContainer : interfaceName.compareTo(other.interfaceName);
  }

  @Override
  public String toString() {
    return containerId + "/" + interfaceName;
  }
}
