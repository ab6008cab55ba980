/** Pods as a node knows them: what is attached where, and the addresses that they have. */
@NullMarked
package io.naru.core.pod;

import org.jspecify.annotations.NullMarked;
