"""监管: watches over the work: alerts, random inspections, complaints, credit records within the law, tolerated
errors.

Demands S19 S20 S22, X8.
Law: 社会救助法 arts. 65–75; 山东省社会信用条例 arts. 10, 13, 20, 28, 38–42; 行政处罚法 arts. 36, 37, 45;
《关于改革完善社会救助制度的意见》 (2020).
"""
