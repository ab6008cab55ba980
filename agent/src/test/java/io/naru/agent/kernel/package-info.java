/** Tests of the kernel's reader and writer, in network namespaces of their own. */
@NullMarked
package io.naru.agent.kernel;

import org.jspecify.annotations.NullMarked;
