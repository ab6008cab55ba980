/** Tests of the CNI protocol, without a kernel. */
@NullMarked
package io.naru.agent.cni;

import org.jspecify.annotations.NullMarked;
