/** Network namespaces: made, named, entered and removed. */
@NullMarked
package io.naru.linux.namespace;

import org.jspecify.annotations.NullMarked;
