"""Public site (公开): programmes, standards and notices that the law lets everyone see."""
