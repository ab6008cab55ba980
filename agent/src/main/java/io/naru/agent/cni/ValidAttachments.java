package io.naru.agent.cni;

import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a runtime still knows, as GC tells it (CNI specification 1.1, "GC"). */
final class ValidAttachments {
  private static final String NAME = "cni.dev/valid-attachments";

  /** What runtimes wrote before the name was settled; those of today write both. */
  private static final String EARLIER_NAME = "cni.dev/attachments";

  private ValidAttachments() {}

  /**
   * Reads {@code [{"containerID":…,"ifname":…}]}.
   *
   * @throws CniException with code 7 when there is no list, or something in it cannot be read: to
   *     skip it would remove a pod that the runtime wants to keep
   */
  static Set<AttachmentKey> of(JsonNode configuration) {
    JsonNode list = configuration.path(NAME);
    if (list.isMissingNode()) {
      list = configuration.path(EARLIER_NAME);
    }
    if (list.isMissingNode()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION,
          "GC needs \"" + NAME + "\": without it every pod would go");
    }
    if (!list.isArray()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION, "\"" + NAME + "\" must be a list, not " + list);
    }
    Set<AttachmentKey> keys = new HashSet<>();
    for (JsonNode item : list.values()) {
      try {
        keys.add(
            new AttachmentKey(
                item.path("containerID").stringValue(""), item.path("ifname").stringValue("")));
      } catch (NaruException e) {
        throw new CniException(
            CniErrorCode.INVALID_CONFIGURATION,
            "an item of \"" + NAME + "\" cannot be used: " + e.sentence());
      }
    }
    return Set.copyOf(keys);
  }
}
