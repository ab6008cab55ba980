/** The causes that the doctor knows, one a file: each looks at a path in trouble. */
@NullMarked
package io.naru.core.diagnosis.rule;

import org.jspecify.annotations.NullMarked;
