/** The cluster as its store knows it: nodes, their names, their pod CIDRs, their broken paths. */
@NullMarked
package io.naru.core.cluster;

import org.jspecify.annotations.NullMarked;
