"""公示公开: shows the public what the law wants shown, masked, minimal, for the lawful time, and takes objections.

Demands S18, X10.
Law: 社会救助法 arts. 11, 45, 66–69; 民发〔2021〕57号 arts. 24, 37; 政府信息公开条例 arts. 15, 21, 26;
山东省村务公开条例; 未成年人保护法 arts. 4, 103.
"""
