/** What the JDK's collections do not do by themselves. */
@NullMarked
package io.naru.core.collection;

import org.jspecify.annotations.NullMarked;
