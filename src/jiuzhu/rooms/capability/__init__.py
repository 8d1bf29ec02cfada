"""能力: trains those who do the work, keeps the library of typical cases, and recognises good practice.

Demands S06 S07 S10.
Law: 社会救助法 art. 61; 《关于改革完善社会救助制度的意见》 (2020); founding document 二（二）.
"""
