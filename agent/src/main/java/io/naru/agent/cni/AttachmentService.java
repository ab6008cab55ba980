package io.naru.agent.cni;

import io.naru.core.address.IpAddress;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the CNI commands mean, without their protocol. Every method may throw a {@link
 * io.naru.core.error.NaruException}.
 */
public interface AttachmentService {
  /** Attaches a container that is not attached yet. */
  PodAttachment add(
      AttachmentKey key, String network, String netnsPath, Map<String, String> arguments);

  /** Detaches; a container that is not attached is not an error. */
  void delete(AttachmentKey key);

  /**
   * Compares an attachment with the kernel's state.
   *
   * @return what differs, a sentence each
   */
  List<String> check(AttachmentKey key, String netnsPath, List<IpAddress> expected);

  /** Detaches everything of that network that is not among these. */
  void collect(String network, Set<AttachmentKey> valid);

  /** Throws when no container could be attached now. */
  void status();
}
