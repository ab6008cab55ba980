package io.naru.agent.cni;

import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import java.util.List;
import java.util.Set;

/**
 * What the CNI commands mean, without their protocol. Every method may throw a {@link
 * io.naru.core.error.NaruException}.
 */
public interface AttachmentService {
  /** Attaches a container that is not attached yet. */
  PodAttachment add(AttachmentWish wish);

  /** Detaches; a container that is not attached is not an error. */
  void delete(AttachmentKey key);

  /**
   * Compares an attachment with the kernel's state.
   *
   * @return what differs, a sentence each
   */
  List<String> check(AttachmentKey key, String netnsPath, Expectation expected);

  /** Detaches everything of that network that is not among these, as far as it can. */
  void collect(String network, Set<AttachmentKey> valid);

  /** Where containers of this node may ask for names, and what those of the cluster end with. */
  NamesAnswered names();

  /**
   * Throws when no container could be attached now; a {@link CniException} with code 51 when those
   * that are attached suffer too.
   */
  void status();
}
