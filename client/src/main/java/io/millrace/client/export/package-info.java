/** Models in the forms other tools read. */
package io.millrace.client.export;
