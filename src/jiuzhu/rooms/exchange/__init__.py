"""共享交换: sends data sets to other platforms and takes theirs in, each with a receipt, and carries messages to
citizens.

Demands S11.
Law: 社会救助法 arts. 10, 11, 42; 政务数据共享条例 arts. 13, 19, 21, 22, 25–27.
"""
