/** The one loop: from the store's word, the host's facts and the pods to the kernel's state. */
@NullMarked
package io.naru.agent.loop;

import org.jspecify.annotations.NullMarked;
