/** Tests that run the CNI program as a container runtime does. */
@NullMarked
package io.naru.cni;

import org.jspecify.annotations.NullMarked;
