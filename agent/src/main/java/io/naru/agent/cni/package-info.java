/** The CNI protocol: requests of container runtimes, results and errors (CNI specification 1.1). */
@NullMarked
package io.naru.agent.cni;

import org.jspecify.annotations.NullMarked;
