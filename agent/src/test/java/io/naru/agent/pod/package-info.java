/** Tests of pods' wiring, in network namespaces of their own. */
@NullMarked
package io.naru.agent.pod;

import org.jspecify.annotations.NullMarked;
