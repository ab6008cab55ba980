package io.naru.dns.server;

import io.naru.dns.message.Known;
import io.naru.dns.message.Question;
import org.jspecify.annotations.Nullable;

/** Who knows the answers. */
public interface Responder {
  /** The answer, if nobody has to be asked for it; quickly, on the thread that receives. */
  @Nullable Known known(Question question);

  /** The answer, whoever has to be asked; may wait, on a virtual thread. Never fails. */
  Known find(Question question);

  /** What {@link Known.Validity.Generation} is compared with. */
  Object generation();
}
